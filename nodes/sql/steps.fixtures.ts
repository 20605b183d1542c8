/** What steps gave that the tests of SQL over steps ask about. */
export const orders = [
  { customer: 1, amount: 5, day: '2026-01-03' },
  { customer: 2, amount: 7, day: '2025-12-31' },
  { customer: 1, amount: 2.5, day: '2026-01-02' },
];
export const customers = [
  { id: 1, country: 'DE' },
  { id: 2, country: 'FR' },
];
