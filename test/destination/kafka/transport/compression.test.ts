import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { loadCompression, type Sources } from '../../../../src/destination/kafka/transport/compression.ts';
import { lz4Frame } from '../../../../src/destination/kafka/transport/lz4.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const none: Sources = {
  load: () => Promise.reject(Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })),
  zlib: {},
};

it('says what to install where a package is missing', async () => {
  await expect(loadCompression('snappy', none)).rejects.toMatchObject({
    code: 'DESTINATION_UNSUITABLE',
    message: 'kafka.compression is snappy, but the package kafkajs-snappy is not installed',
    hint: expect.stringContaining('npm install kafkajs-snappy@1'),
  });
});

it('says which Node has zstd where this one has not', async () => {
  await expect(loadCompression('zstd', none)).rejects.toMatchObject({
    message: `kafka.compression is zstd, which Node ${process.versions.node} does not have`,
    hint: expect.stringContaining('22.15'),
  });
});

it('takes zstd from Node where it is there', async () => {
  const reverse = (bytes: Buffer, done: (error: null, result: Buffer) => void): void =>
    done(null, Buffer.from(bytes).reverse());
  const sources: Sources = { ...none, zlib: { zstdCompress: reverse, zstdDecompress: reverse } };
  expect(await loadCompression('zstd', sources)).toBe(CompressionTypes.ZSTD);
  const codec = CompressionCodecs[CompressionTypes.ZSTD]();
  expect(await codec.compress({ buffer: Buffer.from('abc') })).toEqual(Buffer.from('cba'));
  expect(await codec.decompress(Buffer.from('cba'))).toEqual(Buffer.from('abc'));
});

it('needs nothing for what is built in, and leaves reading to who did it before', async () => {
  expect([await loadCompression('none', none), await loadCompression('gzip', none)]).toEqual([0, 1]);
  const reading = { compress: async () => Buffer.alloc(0), decompress: async () => Buffer.from('read') };
  CompressionCodecs[CompressionTypes.LZ4] = () => reading;
  for (let i = 0; i < 2; i++) expect(await loadCompression('lz4', none)).toBe(CompressionTypes.LZ4);
  const codec = CompressionCodecs[CompressionTypes.LZ4]();
  expect(await codec.compress({ buffer: Buffer.from('abc') })).toEqual(lz4Frame(Buffer.from('abc')));
  expect(await codec.decompress(Buffer.alloc(1))).toEqual(Buffer.from('read'));
});
