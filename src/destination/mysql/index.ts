export { type MysqlOptions, openMysql } from './engine.ts';
