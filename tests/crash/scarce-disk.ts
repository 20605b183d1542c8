import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const BLOCK = Buffer.alloc(64 * 1024);

/** A small file system of its own on an image, which needs root; undefined where this machine lets nobody mount one. */
export function mountScarceDisk(megabytes: number): ScarceDisk | undefined {
  const disk = new ScarceDisk(mkdtempSync(join(tmpdir(), 'sluice-disk-')));
  try {
    disk.make(megabytes);
    return disk;
  } catch {
    disk.remove();
    return undefined;
  }
}

export class ScarceDisk {
  readonly folder: string;
  private readonly base: string;
  private readonly image: string;

  constructor(base: string) {
    this.base = base;
    this.folder = join(base, 'mount');
    this.image = join(base, 'image');
  }

  make(megabytes: number): void {
    mkdirSync(this.folder);
    run('truncate', '-s', `${megabytes}M`, this.image);
    run('mkfs.ext4', '-q', '-m', '0', this.image);
    this.mount('rw');
  }

  mount(mode: 'rw' | 'ro'): void {
    run('mount', '-o', `loop,${mode},errors=remount-ro`, this.image, this.folder);
  }

  unmount(): void {
    run('umount', this.folder);
  }

  /** Fills it to the last block. */
  fill(): void {
    const file = openSync(this.filler, 'a');
    try {
      for (;;) writeSync(file, BLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.filler);
  }

  /** What the kernel does when it finds a disk broken: from now on nothing can be written. */
  breakDown(): void {
    const device = basename(run('findmnt', '-n', '-o', 'SOURCE', this.folder).trim());
    writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, '1');
  }

  /** Mends what broke, while it is not mounted. */
  mend(): void {
    try {
      run('e2fsck', '-p', '-f', this.image);
    } catch (error) {
      // 1: there were errors, and they are corrected.
      if ((error as { status?: number }).status !== 1) throw error;
    }
  }

  remove(): void {
    try {
      run('umount', '-l', this.folder);
    } catch {
      // It was not mounted.
    }
    rmSync(this.base, { recursive: true, force: true });
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
