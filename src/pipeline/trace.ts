import { type Attributes, SpanStatusCode, trace } from '@opentelemetry/api';
import { asPg2anyError } from '../model/error.ts';

/** Without an OpenTelemetry SDK in the process every span is the same empty object. */
const tracer = trace.getTracer('pg2any');

/** Runs `work` within a span. Of a failure only the code is told: messages may hold values. */
export async function spanned<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return await tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: asPg2anyError(error).code });
      throw error;
    } finally {
      span.end();
    }
  });
}
