import { describeWith, mariadb } from '../support/services.ts';
import { destinationContract } from './destination-contract.ts';
import { mysqlPlace } from './mysql-place.ts';

await describeWith('a MariaDB destination', mariadb, (server) => {
  destinationContract('MariaDB', 'mariadb', () => mysqlPlace('mariadb', server));
});
