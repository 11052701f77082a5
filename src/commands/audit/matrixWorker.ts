/** A thread of the matrix: each task is a whole search. */
export { runTask as default } from './searching.ts';
