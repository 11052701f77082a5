/** What a file of tensors may have beside them. */
export type Scalar = null | boolean | number | string;
