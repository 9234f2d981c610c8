/** A program that the stack needs and does not bring along: where it may come from. */
export interface ToolSpec {
  readonly name: string;
  /** Pinned; part of the cache path. */
  readonly version: string;
  /** For people: what it is for. */
  readonly purpose: string;
  readonly versionArgs: readonly string[];
  /** Whether what `name versionArgs` printed is a version that will do, where it was found on the PATH. */
  accepts(output: string): boolean;
  readonly release: Release;
  /** What to run with `go`, in a folder made for it; it must leave `OUT/name`. */
  goBuild(options: { readonly root: string; readonly work: string; readonly out: string }): Promise<GoCommand>;
  /** How long that usually takes, for the screen. */
  readonly buildTakes: string;
}

export interface GoCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A published archive, and the list of checksums beside it. */
export interface Release {
  /** null: there is none for this system. */
  archive(platform: string, arch: string): string | null;
  readonly baseUrl: string;
  readonly checksums: string;
}

export interface FoundTool {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  readonly from: 'PATH' | 'cache' | 'download' | 'build';
}

/** Where tools are looked for; a test gives folders of its own. */
export interface ToolPlaces {
  /** The checkout. */
  readonly root: string;
  /** Folders of the PATH, in order. */
  readonly path: readonly string[];
  /** Folder that holds NAME-VERSION/NAME. */
  readonly cache: string;
}
