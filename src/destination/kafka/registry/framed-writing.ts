import type { Row } from '../../../model/value.ts';
import type { Envelope, Writing } from '../encoding/writing.ts';
import { framed } from './wire.ts';

/** JSON behind the header with its schema's id. */
export class FramedWriting implements Writing<string> {
  private readonly json: Writing<string>;
  private readonly keyId: number;
  private readonly valueId: number;

  constructor(json: Writing<string>, keyId: number, valueId: number) {
    this.json = json;
    this.keyId = keyId;
    this.valueId = valueId;
  }

  row(row: Row, key: () => Row): string {
    return this.json.row(row, key);
  }

  keyOnly(key: Row): string {
    return this.json.keyOnly(key);
  }

  key(key: Row): Buffer {
    return framed(this.keyId, String(this.json.key(key)));
  }

  keyText(key: Row): string {
    return this.json.keyText(key);
  }

  flat(row: string): Buffer {
    return framed(this.valueId, row);
  }

  envelope(envelope: Envelope<string>): Buffer {
    return framed(this.valueId, String(this.json.envelope(envelope)));
  }
}
