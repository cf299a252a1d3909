import { describe, expect, it } from 'vitest';
import { defineConfig } from '../../src/config/define.ts';
import { DEFAULT_RULES } from '../../src/model/mapping.ts';
import { DEST, DRIVERS, fromEnv, inFolder, load, MINIMAL, problem, SOURCE } from './support.ts';

const fromYaml = (yaml: string) =>
  inFolder({ 'pg2any.yaml': `source: { url: "${SOURCE}" }\ndestination: { url: "${DEST}" }\n${yaml}` }, (folder) =>
    load({ folder }),
  ).config;

describe('how values are mapped', () => {
  it('is every default where nothing is said, and the destination is told', () => {
    const config = fromEnv({});
    expect(config.rules).toEqual(DEFAULT_RULES);
    expect(config.destination.rules).toBe(config.rules);
  });

  it('is said in the environment', () => {
    const { rules } = fromEnv({
      CDC_TYPES_NUMERIC_UNBOUNDED: 'text',
      CDC_TYPES_KEYS_TEXT: 'hash',
      CDC_POLICIES: 'INFINITE_DATETIME:clamp, NUMERIC_NAN:null, default:text',
      CDC_COLUMNS:
        '{"public.t.c": {"type": "VARCHAR(200)", "policy": "clamp"}, "t.d": {"policy": {"FLOAT_NAN": "null"}}}',
    });
    expect(rules.types).toEqual({ ...DEFAULT_RULES.types, numericUnbounded: 'text', keysText: 'hash' });
    expect(rules.policies).toEqual({
      default: 'text',
      classes: new Map([
        ['INFINITE_DATETIME', 'clamp'],
        ['NUMERIC_NAN', 'null'],
      ]),
    });
    expect([...rules.columns]).toEqual([
      ['public.t.c', { type: 'VARCHAR(200)', policies: { default: 'clamp', classes: new Map() } }],
      ['public.t.d', { policies: { classes: new Map([['FLOAT_NAN', 'null']]) } }],
    ]);
  });

  it('is said in the config file, where null is a policy and not nothing', () => {
    const { rules } = fromYaml(
      [
        'types: { json: native, keys: { text: hash } }',
        'policies: { default: null, FLOAT_INFINITY: clamp }',
        'columns:',
        '  public.t.c: { numeric_unbounded: text, policy: null }',
        '  "\\"Sales\\".\\"Order, old\\".x": { policy: { NUMERIC_NAN: null } }',
      ].join('\n'),
    );
    expect(rules.types).toMatchObject({ json: 'native', keysText: 'hash' });
    expect(rules.policies).toEqual({ default: 'null', classes: new Map([['FLOAT_INFINITY', 'clamp']]) });
    expect([...rules.columns]).toEqual([
      ['public.t.c', { numericUnbounded: 'text', policies: { default: 'null', classes: new Map() } }],
      ['Sales.Order, old.x', { policies: { classes: new Map([['NUMERIC_NAN', 'null']]) } }],
    ]);
  });

  it('is said to the library, with types', () => {
    const config = defineConfig(
      {
        source: { url: SOURCE },
        destination: { url: DEST },
        types: { uuid: 'binary16' },
        policies: { FLOAT_NAN: 'null' },
        columns: { 'public.t.c': { type: 'TEXT', enum: 'native' } },
      },
      DRIVERS,
    );
    expect(config.rules.types.uuid).toBe('binary16');
    expect(config.rules.columns.get('public.t.c')).toEqual({ type: 'TEXT', enum: 'native' });
  });

  it.each([
    [{ CDC_TYPES_JSON: 'binary' }, 'must be text or native'],
    [{ CDC_POLICIES: 'INFINITE_DATETIM:clamp' }, 'did you mean INFINITE_DATETIME?'],
    [{ CDC_POLICIES: 'INFINITE_DATETIME:clam' }, 'did you mean clamp?'],
    [{ CDC_POLICIES: 'INFINITE_DATETIME' }, 'must be pairs such as'],
    [{ CDC_POLICIES: 'BC_DATE:null,BC_DATE:clamp' }, 'BC_DATE twice'],
    [{ CDC_POLICIES: 'NUMERIC_NAN:clamp' }, 'no nearest one; use null or text'],
    [{ CDC_POLICIES: 'TEXT_KEY_TOO_LONG:null' }, 'always stop'],
    [{ CDC_COLUMNS: 'public.t.c' }, 'must be JSON'],
    [{ CDC_COLUMNS: '{"c": {}}' }, 'write schema.table.column'],
    [{ CDC_COLUMNS: '{"t.c": {"polizy": "null"}}' }, 'did you mean policy?'],
    [{ CDC_COLUMNS: '{"t.c": {"json": "maybe"}}' }, 'json must be text or native'],
    [{ CDC_COLUMNS: '{"t.c": {"type": 5}}' }, 'type must be text'],
    [{ CDC_COLUMNS: '{"t.c": 5}' }, 'must be a mapping'],
  ])('refuses %o', (environment, message) => {
    expect(problem(() => fromEnv({ ...MINIMAL, ...environment }))).toContain(message);
  });
});
