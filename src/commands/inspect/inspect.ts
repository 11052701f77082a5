/** `dictum inspect`: what each latent of a trained model does, on rows of data or on the atoms of a dictionary. */
import { inspect } from '../../inspect/inspect.ts';
import type { InspectRequest } from '../../inspect/request.ts';
import { inspectDocument } from '../../latents/document.ts';
import { featuresFrom, hierarchyFrom, requestFrom } from '../../latents/enter.ts';
import { inspectPage } from '../../latents/page.ts';
import { type Head, inspectText } from '../../latents/text.ts';
import { commandNamed, notes, parseArguments } from '../../terminal/arguments.ts';
import { readInstanceFile } from '../../terminal/door.ts';
import { EXIT } from '../../terminal/exitCodes.ts';
import { outputs, readText, writeAtomically } from '../../terminal/files.ts';
import { makeFolder, writeInside } from '../../terminal/folders.ts';
import { fail } from '../../terminal/problem.ts';
import { note, say } from '../../terminal/streams.ts';
import { jobsFrom } from '../jobsOption.ts';
import { openModel, type ToldOptions, withToldOptions } from '../metrics/openModel.ts';
import { failureOf } from '../train/readConfig.ts';
import { type CertificateOptions, latentIn, writeLatent } from './certificate.ts';
import { inspectCsv } from './csv.ts';
import { inThreads } from './inThreads.ts';
import { readData, readLabels } from './read.ts';
import { separable } from './separable.ts';

const NOTES = notes(
  'MODEL: a checkpoint as dictum metrics reads it, of relu, jumprelu or topk. Latents keep their index in the tensor: #39 is W_dec[39].',
  'X: rows x inputs, .npy, .npz, .safetensors or Parquet (FILE#NAME for one of several), or JSON {"word": [numbers], ...}. L: 0 or 1, rows x',
  'labels, CSV with names in line 1 (a first column of other words names the rows), .npy or Parquet. H: CSV lines "child,parent", or JSON',
  '{"child": "parent", ...}; without it a label is under another if 80% or more of its rows have the other, and it is rarer.',
  'F: an instance file. Its features and their hierarchy make atoms: a parent alone, or with one child, at strengths between the two of',
  '--strength. With --data too, rows tell how often, atoms tell what for.',
  '',
  'Signs are exact: a float64 product counts where it is further from 0 than its error bound, the rest is decided in integers. Shares in the',
  'absorption table are fractions. A latent that is never on in the rows may be on in others: that is not decided. --certificate proves of one',
  'latent that it is absorbed or absorbs, or the inputs it is on at, or that it is off at all of them.',
  '',
  'Examples:',
  '  dictum inspect sae_folder --data activations.npy --labels labels.csv --html report.html',
  '  dictum inspect run1/checkpoint.safetensors --data words.json --csv tables',
  '  dictum inspect sae_folder --features dictionary.json --strength 1..2',
  '  dictum inspect sae_folder --data x.npy --labels labels.csv --features dictionary.json --json',
  '  dictum inspect sae_folder --data x.npy --labels labels.csv --separable dog --certificate dog.json',
  '  dictum inspect sae_folder --features dictionary.json --latent 39 --certificate 39.json && dictum check 39.json',
  '',
  'Exit codes: 0 inspected; 2 bad input.',
);

interface Options extends ToldOptions, CertificateOptions {
  readonly data?: string;
  readonly labels?: string;
  readonly names?: string;
  readonly features?: string;
  readonly hierarchy?: string;
  readonly strength: string;
  readonly html?: string;
  readonly separable?: string;
  readonly csv?: string;
  readonly price?: string;
  readonly jobs?: string;
  readonly json?: boolean;
}

export async function run(args: readonly string[]): Promise<number> {
  const command = commandNamed('inspect', 'Says what each latent of a trained model does, with exact signs.')
    .argument('<model>', 'a .safetensors, .pt or .npz file, a folder with one, or the index of shards')
    .option('-d, --data <file>', 'rows of inputs')
    .option('-l, --labels <file>', 'which row has which label')
    .option('--names <file>', 'names of the rows, one a line')
    .option('-f, --features <file>', 'an instance whose features make atoms')
    .option('--hierarchy <file>', 'which label or feature is under which')
    .option('--strength <range>', 'strengths of features', '1..2')
    .option('--html <file>', 'write a page')
    .option('--csv <folder>', 'write tables there')
    .option('--price <coefficient>', 'what un-absorbing would cost, with this coefficient of the penalty')
    .option('--separable <label>', 'whether any row and bias could tell these rows from the others')
    .option('--latent <n>', 'the latent of --certificate, by its index in the tensor')
    .option('--certificate <file>', 'write what was found of that latent, or of --separable, as a certificate')
    .option('--jobs <n>', 'threads (default: one per core)');
  withToldOptions(command).addHelpText('after', NOTES);
  if (!parseArguments(command, args)) return EXIT.ok;
  const [path = ''] = command.args;
  try {
    return await inspectModel(path, command.opts<Options>());
  } catch (thrown) {
    throw failureOf(thrown, path);
  }
}

async function inspectModel(path: string, options: Options): Promise<number> {
  const { data, features, labels, names, html, csv } = options;
  const jobs = jobsFrom(options.jobs);
  if (data === undefined && features === undefined) {
    fail(
      'missing-key',
      { file: '--data', next: 'Give rows, features, or both.' },
      '--data FILE or --features FILE',
      'none',
    );
  }
  for (const [option, value] of [
    ['--labels', labels],
    ['--names', names],
  ] as const) {
    if (value !== undefined && data === undefined)
      fail('bad-arguments', { file: option }, '--data FILE beside it', 'none');
  }
  const { model, from, file, notes: read } = await openModel(path, options);
  const { request, notes } = await requestOf(model, options);
  const latent = latentIn(options, model.shape.nq);
  await outputs(html, options.certificate);
  if (options.separable !== undefined) {
    const { says, document } = await separable(request, options.separable, options.certificate);
    say(`${options.json === true ? JSON.stringify(document) : says}\n`);
    if (options.certificate !== undefined) note(`${options.certificate} written\n`);
    return EXIT.ok;
  }
  const price = priceIn(options);
  const asked = { ...request, ...(price !== undefined && { price }) };
  const result = await inspect(asked, inThreads(request.data?.rows ?? 0, jobs));
  const head: Head = { file, from, notes: [...read, ...notes] };
  if (html !== undefined) await writeAtomically(html, inspectPage(result, head));
  if (csv !== undefined) {
    await makeFolder(csv);
    for (const [name, text] of inspectCsv(result)) await writeInside(csv, name, text);
  }
  const proved =
    latent === undefined || options.certificate === undefined
      ? undefined
      : await writeLatent(request, result, latent, file, options.certificate);
  say(options.json === true ? `${JSON.stringify(inspectDocument(result, head))}\n` : inspectText(result, head));
  for (const written of [html, csv]) if (written !== undefined) note(`${written} written\n`);
  if (proved !== undefined) note(`${options.certificate} written: ${proved}\n`);
  return EXIT.ok;
}

function priceIn({ price, data, labels }: Options): number | undefined {
  if (price === undefined) return undefined;
  const next = 'The coefficient that the model was trained with: of L0 for jumprelu, of L1 for relu.';
  const value = /^[0-9.]+(e-?[0-9]+)?$/i.test(price) ? Number(price) : Number.NaN;
  if (!Number.isFinite(value))
    fail('bad-arguments', { file: '--price', next }, 'a number from 0', JSON.stringify(price));
  if (data === undefined || labels === undefined)
    fail('bad-arguments', { file: '--price' }, '--data FILE and --labels FILE beside it', 'not both');
  return value;
}

/** All that is asked, read and compared. */
async function requestOf(
  model: InspectRequest['model'],
  { data, labels, names, features, hierarchy, strength }: Options,
): Promise<{ request: InspectRequest; notes: string[] }> {
  const { shape } = model;
  return requestFrom(model, {
    ...(data !== undefined && { data: { file: data, read: await readData(data, shape, names) } }),
    ...(labels !== undefined && { labels: { file: labels, read: await readLabels(labels) } }),
    ...(features !== undefined && {
      features: {
        file: features,
        read: featuresFrom((await readInstanceFile(features)).instance, features, shape, strength),
      },
    }),
    ...(hierarchy !== undefined && {
      hierarchy: { file: hierarchy, read: hierarchyFrom(await readText(hierarchy), hierarchy) },
    }),
  });
}
