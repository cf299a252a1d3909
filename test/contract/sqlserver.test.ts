import { describeWithSqlServer } from '../support/sqlserver.ts';
import { destinationContract } from './destination-contract.ts';
import { sqlServerPlace } from './sqlserver-place.ts';

describeWithSqlServer('a SQL Server destination', (server) => {
  destinationContract('SQL Server', 'sqlserver', () => sqlServerPlace(server));
});
