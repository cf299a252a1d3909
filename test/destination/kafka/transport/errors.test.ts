import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { kafkaError } from '../../../../src/destination/kafka/transport/errors.ts';

/** As kafkajs gives up: what it retried is the cause. */
function givenUp(name: string, type: string | undefined, message: string): Error {
  const cause = Object.assign(new Error(message), { name, ...(type ? { type } : {}) });
  return Object.assign(new kafkajs.KafkaJSNumberOfRetriesExceeded(cause, { retryCount: 5, retryTime: 1 }), { cause });
}

it.each([
  ['KafkaJSServerDoesNotSupportApiKey', undefined, 'DESTINATION_UNSUITABLE', 'set kafka.delivery to at-least-once'],
  ['KafkaJSProtocolError', 'COORDINATOR_NOT_AVAILABLE', 'DESTINATION_UNREACHABLE', 'transaction.state.log.min.isr'],
  ['KafkaJSProtocolError', 'ILLEGAL_SASL_STATE', 'DESTINATION_AUTH', 'leave user and password out of the URL'],
  ['KafkaJSConnectionClosedError', undefined, 'DESTINATION_UNREACHABLE', 'kafka.securityProtocol'],
])('%s %s says what to do', (name, type, code, hint) => {
  const error = kafkaError(givenUp(name, type, 'why'), 'connecting');
  expect(error).toMatchObject({ code, message: 'Kafka, connecting: why', hint: expect.stringContaining(hint) });
});
