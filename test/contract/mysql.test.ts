import { describeWith, mysql } from '../support/services.ts';
import { destinationContract } from './destination-contract.ts';
import { mysqlPlace } from './mysql-place.ts';

await describeWith('a MySQL destination', mysql, (server) => {
  destinationContract('MySQL', 'mysql', () => mysqlPlace('mysql', server));
});
