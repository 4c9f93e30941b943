import { ConfigError } from '../../../src/config/config-error';
import { parsePlatform } from '../../own-platform';

/** The day on which the tests are. */
export const TODAY = new Date('2026-11-23T12:00:00Z');

/** The report on a file called p.yaml, or an empty text when it is right. */
export function report(text: string): string {
  try {
    parsePlatform(text, 'p.yaml', { today: TODAY });
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
