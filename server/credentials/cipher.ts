import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** AES-256-GCM. What is encrypted for one purpose and name cannot be passed off as another's: both are authenticated with it. */
export class Cipher {
  private readonly key: Buffer;

  /** `master`: 32 random bytes. */
  constructor(master: Uint8Array, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', master, 'sluice', purpose, 32));
  }

  encrypt(text: string, name: string): Uint8Array {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(name));
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws when the key is another one or the content was changed. */
  decrypt(sealed: Uint8Array, name: string): string {
    const bytes = Buffer.from(sealed);
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12)).setAAD(Buffer.from(name));
    decipher.setAuthTag(bytes.subarray(bytes.length - 16));
    return decipher.update(bytes.subarray(12, bytes.length - 16), undefined, 'utf8') + decipher.final('utf8');
  }
}

/** A key for another purpose, as text. */
export function derivedSecret(master: Uint8Array, purpose: string): string {
  return Buffer.from(hkdfSync('sha256', master, 'sluice', purpose, 32)).toString('base64url');
}
