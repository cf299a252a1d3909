import { promisify } from 'node:util';
import zlib from 'node:zlib';
import kafkajs, { type CompressionTypes } from 'kafkajs';
import { Pg2anyError } from '../../../model/error.ts';
import type { KafkaSettings } from '../../../model/kafka.ts';
import { lz4Frame } from './lz4.ts';

type Compression = KafkaSettings['compression'];

/** As kafkajs asks for it. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(bytes: Buffer): Promise<Buffer>;
}

type Callback = (bytes: Buffer, done: (error: Error | null, result: Buffer) => void) => void;

/** Where codecs come from. */
export interface Sources {
  readonly load: (name: string) => Promise<unknown>;
  /** Node has zstd from 22.15 on. */
  readonly zlib: { readonly zstdCompress?: Callback; readonly zstdDecompress?: Callback };
}

const SOURCES: Sources = { load: (name) => import(name), zlib: zlib as unknown as Sources['zlib'] };

const SNAPPY = 'kafkajs-snappy';

/** What kafkajs calls it, ready to be used. Throws DESTINATION_UNSUITABLE where something is missing for it. */
export async function loadCompression(name: Compression, sources: Sources = SOURCES): Promise<CompressionTypes> {
  const { CompressionCodecs: codecs, CompressionTypes: types } = kafkajs;
  switch (name) {
    case 'none':
      return types.None;
    case 'gzip':
      return types.GZIP;
    case 'lz4':
      codecs[types.LZ4] = lz4(codecs[types.LZ4]);
      return types.LZ4;
    case 'snappy':
      codecs[types.Snappy] = await snappy(sources);
      return types.Snappy;
    case 'zstd': {
      const codec = zstd(sources);
      codecs[types.ZSTD] = () => codec;
      return types.ZSTD;
    }
  }
}

/** Nothing that is sent comes back: reading is left to who else did it in this process before us. */
let reading: (() => Codec) | null = null;

const LZ4 = (): Codec => ({
  compress: async ({ buffer }) => lz4Frame(buffer),
  decompress: (bytes) => (reading ? reading().decompress(bytes) : Promise.resolve(bytes)),
});

function lz4(before: () => Codec): () => Codec {
  if (before !== LZ4) reading = before;
  return LZ4;
}

async function snappy({ load }: Sources): Promise<() => Codec> {
  try {
    const { default: codec } = (await load(SNAPPY)) as { default: () => Codec };
    return codec;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw unsuitable(`kafka.compression is snappy, but the package ${SNAPPY} is not installed`, {
      hint: `npm install ${SNAPPY}@1, where pg2any is installed; or choose gzip or lz4, which need no package.`,
    });
  }
}

function zstd({ zlib: { zstdCompress, zstdDecompress } }: Sources): Codec {
  if (!zstdCompress || !zstdDecompress)
    throw unsuitable(`kafka.compression is zstd, which Node ${process.versions.node} does not have`, {
      hint: 'Run pg2any with Node 22.15 or later; or choose gzip or lz4.',
    });
  const [compress, decompress] = [promisify(zstdCompress), promisify(zstdDecompress)];
  return { compress: ({ buffer }) => compress(buffer), decompress };
}

const unsuitable = (message: string, options: { hint: string }): Pg2anyError =>
  new Pg2anyError('DESTINATION_UNSUITABLE', message, options);
