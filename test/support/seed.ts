/**
 * Of what the tests draw against real servers. CI draws the same each time, so that a commit has one outcome; elsewhere
 * it differs from run to run. CDC_TEST_SEED shows a failure again.
 */
export const SEED = Number(
  process.env.CDC_TEST_SEED ?? (process.env.CI ? 20_261_121 : Math.floor(Math.random() * 2 ** 31)),
);
