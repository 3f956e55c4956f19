// What the rest of the server may use of lessons.
export { BANK_API_PATH, BankApi } from './bank-api.ts';
export { Lessons } from './lessons.ts';
