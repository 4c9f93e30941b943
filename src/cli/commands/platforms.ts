import definition from '../../../main';
import { ConfigError, type Finding } from '../../config/config-error';
import { platformFiles } from '../../config/platform-list';
import { selectedPlatform } from '../../facts/selected-platform';
import { printWarning } from '../terminal/print-warning';
import { table, terminalWidth } from '../terminal/table';

/** A platform of the project, as a pipeline reads it. */
interface ListedPlatform {
  /** What `--platform` takes. */
  readonly platform: string;
  readonly file: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly outdir: string;
}

/** `platforms`: checks the files of all platforms, and lists them. */
export function platforms(options: { json?: boolean }): void {
  const findings: Finding[] = [];
  const listed = platformFiles().flatMap((file): ListedPlatform[] => {
    const { name: key, outdir } = selectedPlatform(file);
    try {
      const { name, account, region } = definition.load(file, { onWarning: printWarning });
      return [{ platform: key ?? file, file, name, account, region, outdir }];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      findings.push(...error.findings);
      return [];
    }
  });
  if (findings.length > 0) throw new ConfigError(findings);
  const head = ['PLATFORM', 'NAME', 'ACCOUNT', 'REGION', 'OUTPUT'];
  const rows = listed.map(({ platform, name, account, region, outdir }) => [
    platform,
    name,
    account,
    region,
    outdir,
  ]);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ platforms: listed })}\n`
      : `${table([head, ...rows], terminalWidth())}\n`,
  );
}
