/** The example of the view: an SAE of SAELens trained on trees of features (test/inspect/trees), beside the page once it is built. */
export const TREES: readonly { readonly from: string; readonly to: string }[] = [
  'trees/jump15/sae_weights.safetensors',
  'trees/jump15/cfg.json',
  'trees/directions.json',
].map((from) => ({ from, to: `model/${from}` }));
