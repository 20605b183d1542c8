import ipaddr from 'ipaddr.js';

/**
 * Which addresses workflows may reach. Everything that is not a public unicast address is refused, unless its range is
 * allowed (`SLUICE_ALLOW_PRIVATE`) or its address and port belong to a practice service.
 */
export interface AddressPolicy {
  /** Whether a connection to this literal address and port may be made. */
  allows(address: string, port: number): boolean;
  /** Opens one address and port, such as a practice server's; the returned function closes it again. */
  open(address: string, port: number): () => void;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** Public by range, but services of the machine's own cloud: Azure's wire server. */
const METADATA = new Set(['168.63.129.16']);

/** @param ranges CIDR ranges or single addresses, such as `127.0.0.0/8`. Throws with the range that cannot be read. */
export function addressPolicy(ranges: readonly string[]): AddressPolicy {
  const allowed = ranges.map((text) => parseRange(text.trim()));
  const open = new Set<string>();
  return {
    allows(text, port) {
      const address = parseAddress(text);
      if (address === undefined) return false;
      return (
        isPublic(address) ||
        open.has(endpoint(address, port)) ||
        allowed.some((range) => address.kind() === range[0].kind() && address.match(range))
      );
    },
    open(text, port) {
      const address = parseAddress(text);
      if (address === undefined) throw new Error(`"${text}" is not an IP address`);
      const key = endpoint(address, port);
      open.add(key);
      return () => {
        open.delete(key);
      };
    },
  };
}

/** Reads `SLUICE_ALLOW_PRIVATE`: ranges parted by commas or spaces. */
export function parseRanges(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((part) => part !== '');
}

/** A literal address in any form that a socket takes, brackets and zone included; IPv4 inside IPv6 comes out as IPv4. */
function parseAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (!ipaddr.isValid(bare)) return undefined;
  const address = ipaddr.parse(bare);
  return address instanceof ipaddr.IPv6 ? (embedded(address) ?? address) : address;
}

/** The IPv4 address that an IPv6 one really leads to: mapped, compatible, NAT64 and 6to4 forms. */
function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  const range = address.range();
  if (range === 'ipv4Mapped') return address.toIPv4Address();
  if (range === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6));
  if (range === 'rfc6052' || range === 'rfc6145') return new ipaddr.IPv4(bytes.slice(12));
  const compatible = bytes.slice(0, 12).every((byte) => byte === 0) && range === 'unicast';
  return compatible ? new ipaddr.IPv4(bytes.slice(12)) : undefined;
}

function isPublic(address: Address): boolean {
  return address.range() === 'unicast' && !METADATA.has(address.toString());
}

function endpoint(address: Address, port: number): string {
  return `${address.toNormalizedString()} ${port}`;
}

function parseRange(text: string): Range {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    throw new Error(
      `SLUICE_ALLOW_PRIVATE: "${text}" is not an address range. Write it such as 10.0.0.0/8 or 127.0.0.1.`,
    );
  }
}
