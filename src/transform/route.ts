import type { Transform } from './transform.ts';

/** Source schema → destination schema; unmapped schemas keep their target. */
export function mapSchemas(mapping: ReadonlyMap<string, string>): Transform {
  return (relation) => {
    const schema = mapping.get(relation.schema);
    return schema === undefined ? relation : { ...relation, target: { ...relation.target, schema } };
  };
}
