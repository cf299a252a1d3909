import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../src/demo/cache.ts';
import { freePort } from '../../src/demo/free-port.ts';
import { runTool } from '../../src/demo/run-tool.ts';
import { handOver, makeServerFolder } from '../../src/demo/server-folder.ts';
import { removeFolder, startServer } from '../../src/demo/server-process.ts';
import { serverUser } from '../../src/demo/server-user.ts';

const VERSION = '3.0.9';
const ARTIFACT = 'apicurio-registry-app';

/** A real schema registry, on loopback and in memory. */
export interface Registry {
  /** Where it speaks as Confluent's. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Apicurio, fetched once by Maven. */
const program = (): Promise<string> =>
  cached(`apicurio-${VERSION}`, async (folder) => {
    const artifact = `-Dartifact=io.apicurio:${ARTIFACT}:${VERSION}:tar.gz:all`;
    await runTool('mvn', ['-B', '-q', 'dependency:copy', artifact, `-DoutputDirectory=${folder}`], { cwd: folder });
    const archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz')) ?? '';
    await runTool('tar', ['-xzf', archive, '-C', folder], { cwd: folder });
    rmSync(join(folder, archive));
  });

export async function startApicurio(): Promise<Registry> {
  const jar = join(await program(), `${ARTIFACT}-${VERSION}-runner.jar`);
  const user = serverUser(['nobody']);
  const folder = makeServerFolder(user);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const java = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const http = [`-Dquarkus.http.port=${port}`, '-Dquarkus.http.host=127.0.0.1'];
  try {
    await handOver(folder, user);
    const server = await startServer({
      ...{ command: 'java', args: [...java, ...http, '-jar', jar], folder, user },
      ready: () => answers(`${url}/schemas/types`),
    });
    return {
      url,
      async stop() {
        await server.end('SIGKILL');
        removeFolder(folder);
      },
    };
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
