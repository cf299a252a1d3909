import type { Insert, Update } from '../model/change.ts';
import type { Relation } from '../model/relation.ts';
import type { Row } from '../model/value.ts';
import { RawRow } from '../pgoutput/raw-row.ts';

/** An insert whose row is still bytes. One object, because there are many. */
export class RawInsert extends RawRow implements Insert {
  readonly relation: Relation;

  constructor(relation: Relation, buffer: Buffer, start: number, end: number) {
    super(buffer, start, end);
    this.relation = relation;
  }

  get kind(): 'insert' {
    return 'insert';
  }

  get packed(): this {
    return this;
  }

  get after(): Row {
    return this.decode();
  }

  get key(): Row {
    return this.pick(this.relation.key);
  }

  onto(relation: Relation): Insert {
    return new RawInsert(relation, this.buffer, this.start, this.end);
  }
}

/** An update that sent no old row, so its key is the same; its row is still bytes. */
export class RawUpdate extends RawRow implements Update {
  readonly relation: Relation;

  constructor(relation: Relation, buffer: Buffer, start: number, end: number) {
    super(buffer, start, end);
    this.relation = relation;
  }

  get kind(): 'update' {
    return 'update';
  }

  get whole(): true {
    return true;
  }

  get packed(): this {
    return this;
  }

  get after(): Row {
    return this.decode();
  }

  get key(): Row {
    return this.pick(this.relation.key);
  }

  onto(relation: Relation): Update {
    return new RawUpdate(relation, this.buffer, this.start, this.end);
  }
}
