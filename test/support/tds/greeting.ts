import type { Login } from './received.ts';
import type { End } from './reply.ts';
import {
  collationChange,
  databaseChange,
  doneToken,
  errorToken,
  fedAuthAck,
  fedAuthInfo,
  infoToken,
  loginAck,
  type Notice,
  packetSizeChange,
  routeChange,
} from './tokens.ts';

/** What a login gets; nothing means that it is welcome. */
export type Admission =
  | { readonly errors: readonly Notice[] }
  /** To log in over there: Azure's redirect. */
  | { readonly route: { readonly host: string; readonly port: number } }
  /** No answer, but the end of the connection. */
  | { readonly drop: End }
  | null
  | undefined;

export const refused = (number: number, message = `login error ${number}`): Admission => ({
  errors: [{ number, message, severity: 14 }],
});

/** The answer to a LOGIN7. [MS-TDS] 3.3.5 */
export function greeting(login: Login, admission: Exclude<Admission, { drop: End }>): Buffer {
  if (admission && 'errors' in admission) {
    return Buffer.concat([...admission.errors.map(errorToken), doneToken({ error: true })]);
  }
  const route = admission ? [routeChange(admission.route.host, admission.route.port)] : [];
  return Buffer.concat([...welcome(login), ...route, doneToken()]);
}

function welcome(login: Login): Buffer[] {
  const database = login.database || 'master';
  return [
    databaseChange(database),
    infoToken({ number: 5701, message: `Changed database context to '${database}'.` }),
    collationChange(),
    loginAck(login.tdsVersion),
    packetSizeChange(login.packetSize),
    ...(login.fedAuth ? [fedAuthAck()] : []),
  ];
}

/** Where a client that said it would bring a token has to get it. */
export const tokenWanted = (): Buffer =>
  fedAuthInfo('https://login.microsoftonline.com/common', 'https://database.windows.net/');
