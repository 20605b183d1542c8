/** Sizes of cards in canvas units. They are fixed by the number of ports, so that a card need not be measured before it is placed. */

export const cardWidth = 252;
const least = 78;
const portSpace = 26;

export function cardHeight(inputs: number, outputs: number): number {
  return Math.max(least, Math.max(inputs, outputs) * portSpace + 20);
}

/** Distance of a port from the card's top. */
export function portTop(index: number, count: number, height: number): number {
  return height / 2 + (index - (count - 1) / 2) * portSpace;
}

/** Room between one column of cards and the next. */
export const columnGap = 104;
export const rowGap = 56;
export const grid = 4;

export const stickySize: readonly [number, number] = [240, 140];
