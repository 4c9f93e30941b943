import { appendFileSync } from 'node:fs';

/** Adds the totals of a run, as a line of JSON, to the file that JEST_RESULTS names: .ci/run counts from it. */
export default class ResultsReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.JEST_RESULTS;
    if (!file) return;
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    appendFileSync(
      file,
      `${JSON.stringify({
        passed: numPassedTests,
        failed: numFailedTests + numRuntimeErrorTestSuites,
        skipped: numPendingTests,
      })}\n`,
    );
  }
}
