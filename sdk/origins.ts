/**
 * Origins: which input record(s) an output record came from, so that any record can be traced through the run and
 * `$('step').item` is right after filters, sorts, joins and aggregates.
 *
 * An origin is one number: input port index times 2^40, plus the record's position in that port's dataset. After the input ports come
 * the earlier steps that a step reads by name.
 */
export type Origin = number | readonly number[];

/**
 * The origins of a batch of output records: one for each, or `{ from }` when record i came from `from + i`, or `{ places }` where all
 * have as many: the first of each, the second of each and so on, of which only one makes each a mere number. `undefined` when the
 * records come from outside.
 */
export type Origins = readonly Origin[] | { readonly from: number } | OriginPlaces | undefined;

export interface OriginPlaces {
  readonly places: readonly Float64Array[];
}

const SLOT = 2 ** 40;

export function origin(slot: number, position: number): number {
  return slot * SLOT + position;
}

/** Origins of some rows of a batch; `first` is that of its first row. */
export function originsOfRows(rows: Uint32Array, first: number): Float64Array {
  const origins = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) origins[i] = first + (rows[i] as number);
  return origins;
}

export function slotOf(encoded: number): number {
  return Math.floor(encoded / SLOT);
}

export function positionOf(encoded: number): number {
  // The remainder of such numbers is slow, and most are of the first input.
  return encoded < SLOT ? encoded : encoded - slotOf(encoded) * SLOT;
}

export function originAt(origins: Origins, index: number): Origin | undefined {
  if (origins === undefined) return undefined;
  if ('from' in origins) return origins.from + index;
  if (!('places' in origins)) return origins[index];
  const { places } = origins;
  return places.length === 1 ? places[0]?.[index] : places.map((numbers) => numbers[index] as number);
}
