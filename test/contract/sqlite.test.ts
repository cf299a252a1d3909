import { destinationContract } from './destination-contract.ts';
import { sqlitePlace } from './sqlite-place.ts';

destinationContract('SQLite', 'sqlite', sqlitePlace);
