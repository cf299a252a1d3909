export { openSqlServer } from './engine.ts';
