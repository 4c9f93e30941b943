import definition from '../../../main';
import { ConfigError, type Finding } from '../../config/config-error';
import { platformFiles } from '../../config/platform-list';
import { selectedPlatform } from '../../facts/selected-platform';
import { pipelineArns } from '../../platform/pipeline-arns';
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
  /** The role that plans it, and the one that applies. Left out: no pipeline does. */
  readonly planRole?: string;
  readonly applyRole?: string;
}

/** `platforms`: checks the files of all platforms, or of the one that is named, and lists them. */
export function platforms(options: { json?: boolean; platform?: string }): void {
  const findings: Finding[] = [];
  const files = options.platform === undefined ? platformFiles() : [selectedPlatform().file];
  const listed = files.flatMap((file): ListedPlatform[] => {
    const { name: key, outdir } = selectedPlatform(file);
    try {
      const platform = definition.load(file, { onWarning: printWarning });
      const { name, account, region } = platform;
      const roles = pipelineArns(platform);
      return [
        {
          ...{ platform: key ?? file, file, name, account, region, outdir },
          ...(roles && { planRole: roles.plan, applyRole: roles.apply }),
        },
      ];
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
