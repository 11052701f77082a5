/** Advances all runs of one problem together; their weights are rows of `x`, one run a row. */
export interface Engine {
  readonly put: (x: Float64Array) => void;
  readonly advance: (by: {
    readonly steps: number;
    readonly firstStep: number;
    readonly rate: number;
    /** By which the rate changes each step. */
    readonly factor: number;
  }) => Promise<void>;
  readonly take: (x: Float64Array) => Promise<void>;
}
