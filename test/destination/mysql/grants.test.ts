import { expect, it } from 'vitest';
import { missingPrivileges } from '../../../src/destination/mysql/grants.ts';

const ROWS = 'SELECT, INSERT, UPDATE, DELETE';
const ALL = `${ROWS}, CREATE, ALTER, DROP`;
const usage = "GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*X'";

it.each([
  ['everything on the server', ['GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION'], []],
  ['everything on the database', [usage, 'GRANT ALL PRIVILEGES ON `shop`.* TO `u`@`%`'], []],
  ['just enough', [usage, `GRANT ${ALL} ON \`shop\`.* TO \`u\`@\`%\``], []],
  [
    'privileges of several lines together',
    [`GRANT ${ROWS} ON *.* TO u`, 'GRANT CREATE, ALTER, DROP ON `shop`.* TO u'],
    [],
  ],
  ['rows only', [usage, `GRANT ${ROWS} ON \`shop\`.* TO u`], ['CREATE', 'ALTER', 'DROP']],
  ['another database', [usage, 'GRANT ALL PRIVILEGES ON `other`.* TO u'], ALL.split(', ')],
  ['a pattern that covers it', ['GRANT ALL PRIVILEGES ON `sh%`.* TO u'], []],
  ['a pattern of one character', ['GRANT ALL PRIVILEGES ON `sho_`.* TO u'], []],
  ['an underscore that is meant', ['GRANT ALL PRIVILEGES ON `sho\\_`.* TO u'], ALL.split(', ')],
  ['names with signs that mean something elsewhere', ['GRANT ALL PRIVILEGES ON `sho.`.* TO u'], ALL.split(', ')],
])('tells what is missing with %s', (_, lines, missing) => {
  expect(missingPrivileges(lines, 'shop')).toEqual(missing);
});

it('says nothing about what roles or grants on single tables may give', () => {
  expect(missingPrivileges([usage, 'GRANT `writer`@`%` TO `u`@`%`'], 'shop')).toBeNull();
  expect(missingPrivileges([usage, 'GRANT SELECT, INSERT ON `shop`.`orders` TO u'], 'shop')).toBeNull();
  expect(missingPrivileges([usage, 'GRANT SELECT (`a`, `b`) ON `shop`.`orders` TO u'], 'shop')).toBeNull();
});
