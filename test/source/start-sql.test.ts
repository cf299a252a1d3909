import { describe, expect, it } from 'vitest';
import { parseLsn } from '../../src/model/lsn.ts';
import { startSql } from '../../src/source/start-sql.ts';
import { streamOptions } from '../support/pipeline.ts';

const at = parseLsn('16/B374D848');
const sql = (version: number, protocolVersion = 4) => startSql(streamOptions('s', { protocolVersion }), version, at);

describe('START_REPLICATION', () => {
  it.each([
    [130023, 'START_REPLICATION SLOT "s" LOGICAL 16/B374D848 (proto_version \'1\', publication_names \'"s"\')'],
    [
      140000,
      "START_REPLICATION SLOT \"s\" LOGICAL 16/B374D848 (proto_version '2', publication_names '\"s\"', messages 'true')",
    ],
    [
      150018,
      "START_REPLICATION SLOT \"s\" LOGICAL 16/B374D848 (proto_version '3', publication_names '\"s\"', messages 'true')",
    ],
    [
      160000,
      "START_REPLICATION SLOT \"s\" LOGICAL 16/B374D848 (proto_version '4', publication_names '\"s\"', messages 'true')",
    ],
    [
      180004,
      "START_REPLICATION SLOT \"s\" LOGICAL 16/B374D848 (proto_version '4', publication_names '\"s\"', messages 'true')",
    ],
  ])('to version %i has no option that it lacks', (version, text) => {
    expect(sql(version)).toBe(text);
  });

  it('leaves out what was replicated to the source where that is asked for, and refuses where it cannot be', () => {
    const options = streamOptions('s', { origin: 'none' });
    expect(startSql(options, 160000, at)).toContain(", origin 'none')");
    expect(() => startSql(options, 150018, at)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });

  it('asks for no higher protocol than configured', () => {
    expect(sql(180000, 1)).toContain("proto_version '1'");
  });

  it('quotes the publication as an identifier inside of a literal', () => {
    const options = streamOptions('s', { publication: 'My "Pub", it\'s' });
    expect(startSql(options, 180000, at)).toContain(`publication_names '"My ""Pub"", it''s"'`);
  });

  it('writes positions beyond 2^63 in full', () => {
    expect(startSql(streamOptions('s'), 180000, parseLsn('FFFFFFFF/FFFFFFFF'))).toContain('LOGICAL FFFFFFFF/FFFFFFFF ');
  });
});
