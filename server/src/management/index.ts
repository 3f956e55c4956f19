export { type LazyManagement, openManagement } from './lazy-management.ts';
