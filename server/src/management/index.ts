export { openManagement } from './lazy-management.ts';
