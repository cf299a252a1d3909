import { describe, expect, it } from 'vitest';
import { isRefusal, sqlServerError } from '../../../src/destination/sqlserver/errors.ts';
import { Pg2anyError } from '../../../src/model/error.ts';

const native = (number: number, message = `error ${number}`): Error =>
  Object.assign(new Error(message), { number, code: 'EREQUEST' });

describe('errors of SQL Server', () => {
  it.each([1205, 1222, 3960, 40501, 49918, 10928])('%i passes by itself and is tried again', (number) => {
    expect(sqlServerError(native(number), 'here')).toMatchObject({ code: 'DESTINATION_BUSY', retry: true });
  });

  it('9002 is a full log, which may be given room meanwhile', () => {
    expect(sqlServerError(native(9002), 'here')).toMatchObject({ code: 'DESTINATION_FULL', retry: true });
  });

  it.each([40613, 40197, 6005])('%i is a lost server, which is tried again', (number) => {
    expect(sqlServerError(native(number), 'here')).toMatchObject({ code: 'DESTINATION_UNREACHABLE', retry: true });
  });

  it.each([2627, 2601, 8152, 2628, 8115, 241, 245, 515, 547, 8114])(
    '%i is a value or a key that was refused',
    (number) => {
      expect(sqlServerError(native(number), 'public.t (id = 5)')).toMatchObject({
        code: 'VALUE_REFUSED',
        retry: false,
        message: `public.t (id = 5): error ${number} (${number})`,
      });
      expect(isRefusal(native(number))).toBe(true);
    },
  );

  it.each([
    [916, 'DESTINATION_AUTH'],
    [18456, 'DESTINATION_AUTH'],
    [4060, 'DESTINATION_AUTH'],
    [229, 'DESTINATION_PRIVILEGE'],
    [262, 'DESTINATION_PRIVILEGE'],
    [208, 'TABLE_MISSING'],
    [207, 'TABLE_MISMATCH'],
    [50000, 'DESTINATION_FAILED'],
  ])('%i is %s, which nobody tries again', (number, code) => {
    expect(sqlServerError(native(number), 'here')).toMatchObject({ code, retry: false });
  });

  it.each(['ECONNRESET', 'ETIMEOUT', 'ECLOSE', 'ESOCKET', 'EINSTLOOKUP'])('%s is a lost connection', (code) => {
    expect(sqlServerError(Object.assign(new Error('gone'), { code }), 'here').code).toBe('DESTINATION_UNREACHABLE');
  });

  it('that come several at once are told by the first, which says what happened', () => {
    const several = new AggregateError([native(2627, 'a duplicate'), native(3621, 'the statement was ended')]);
    expect(sqlServerError(several, 'here')).toMatchObject({
      code: 'VALUE_REFUSED',
      message: 'here: a duplicate (2627)',
    });
  });

  it('that are ours stay what they are, also inside those of the driver', () => {
    const own = new Pg2anyError('DESTINATION_AUTH', 'no encryption');
    expect(sqlServerError(new Error('Failed to connect', { cause: own }), 'here')).toBe(own);
  });
});
