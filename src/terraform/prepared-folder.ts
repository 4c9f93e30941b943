import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOCK_FILE, type Requirements } from './provider-lock';

/** A folder in which Terraform runs. */
export interface FolderOptions {
  /** The folder that holds the stack's Terraform files, and gets its state and `.terraform`. */
  readonly workingDirectory: string;
  /** The whole environment: `isolatedEnvironment` and the provider source's variables. Nothing is added to it. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * The lock file of the whole platform: providers have to be in it, in the version and with the checksums that it has.
   * @default - init selects the providers, and writes a lock file into the folder
   */
  readonly lockFile?: string | undefined;
}

/** Remembers for what `terraform init` has prepared a folder. */
export class PreparedFolder {
  private readonly dataFolder: string;
  private readonly file: string;

  constructor(private readonly options: FolderOptions) {
    const { workingDirectory, environment } = options;
    this.dataFolder = resolve(workingDirectory, environment.TF_DATA_DIR ?? '.terraform');
    this.file = join(this.dataFolder, 'initialized-for');
  }

  /** What init depends on, of a folder that CDKTF wrote; undefined for any other folder, which is prepared each time. */
  requirements(): string | undefined {
    const document = this.document();
    if (document === undefined) return undefined;
    const { environment, lockFile } = this.options;
    const locked = lockFile === undefined ? '' : readFileSync(lockFile, 'utf8');
    const cliConfig = environment.TF_CLI_CONFIG_FILE;
    const installation =
      cliConfig !== undefined && existsSync(cliConfig) ? readFileSync(cliConfig, 'utf8') : '';
    return createHash('sha256')
      .update(JSON.stringify([document.terraform, document.module, installation, locked]))
      .digest('hex');
  }

  /** What CDKTF wrote; undefined for any other folder. */
  document(): Requirements | undefined {
    const file = join(this.options.workingDirectory, 'cdk.tf.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Requirements) : undefined;
  }

  isPreparedFor(requirements: string): boolean {
    if (!existsSync(this.file) || readFileSync(this.file, 'utf8') !== requirements) return false;
    const providers = join(this.dataFolder, 'providers');
    if (!existsSync(providers)) return true;
    // Each package is a link into the mirror or the cache that it came from, which may have been removed since.
    const links = readdirSync(providers, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isSymbolicLink(),
    );
    const locked = existsSync(join(this.options.workingDirectory, LOCK_FILE));
    return locked && links.every((link) => existsSync(join(link.parentPath, link.name)));
  }

  /** Remembers that it is prepared. */
  remember(requirements: string): void {
    mkdirSync(this.dataFolder, { recursive: true });
    writeFileSync(this.file, requirements);
  }
}
