/** The explorer's plane: dragged with mouse and keys, undone, opened again by its link, and as right as the library in Node. */
import { describe, expect, test } from 'vitest';
import { realize } from '../../src/browser.ts';
import { uniform } from '../../src/train/backend/random.ts';
import { stateOf } from '../../web/state/link.ts';
import { instanceOf } from '../../web/state/scene.ts';
import { browser, chromium, looked } from './browser.ts';
import { dragged, pointOf, says, sentence, served, settled } from './explorePage.ts';

describe.skipIf(!chromium)('the plane', { timeout: 120_000 }, () => {
  const visit = browser();
  const address = served();

  test('says what the README says, and has no fault', async () => {
    const { page, faults } = await visit(address());
    await says(page, 'not-realizable');
    expect(await sentence(page)).toBe('No. {between} is not realizable: w(between) = 3/5 w(north) + 4/5 w(east).');
    expect(await page.locator('figure.chain svg').getAttribute('aria-label')).toContain('tip to tail');
    await page.locator('.critical').waitFor();
    expect(await looked(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('an arrow is dragged with the mouse; undo and redo', async () => {
    const { page, faults } = await visit(address());
    await settled(page);
    await dragged(page, 'between', await pointOf(page, [-0.8, 0.6]));
    await says(page, 'realizable');
    const { scene } = stateOf(new URL(page.url()).hash);
    expect(scene.features[2]?.wp).toEqual(['-4/5', '3/5']);
    await page.getByRole('button', { name: 'Undo' }).click();
    await says(page, 'not-realizable');
    expect(await page.getByRole('button', { name: 'Undo' }).isDisabled()).toBe(true);
    await page.keyboard.press('Control+y');
    await says(page, 'realizable');
    expect(faults).toEqual([]);
  });

  test('the same with keys alone', async () => {
    const { page } = await visit(address());
    await settled(page);
    const arrow = page.getByRole('slider', { name: 'between' });
    await arrow.focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await says(page, 'not-realizable');
    for (let k = 0; k < 3; k++) await page.keyboard.press('Shift+ArrowDown');
    await says(page, 'realizable');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Alt+ArrowUp');
    expect(await arrow.getAttribute('aria-valuetext')).toMatch(/degrees; neuron 1 should be active on it$/);
    await page.keyboard.press('Enter');
    expect(await sentence(page)).toContain('({}) is realizable');
    await page.keyboard.press('Control+z');
    expect(await sentence(page)).toContain('({between}) is realizable');
  });

  test('cells of the grid are clicked, and walked with arrow keys', async () => {
    const { page } = await visit(address());
    await settled(page);
    await page.getByRole('button', { name: 'neuron 1 active on east' }).click();
    await says(page, 'realizable');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    await page.locator('.verdict', { hasText: '({north, east, between})' }).waitFor();
  });

  test('a link shows the same picture', async () => {
    const { page } = await visit(address());
    await settled(page);
    await page.getByLabel('example').selectOption({ label: 'four directions in space' });
    await dragged(page, 'middle', await pointOf(page, [0.4, 0.3]));
    await page.getByLabel('turn').fill('75');
    await page.locator('button.row').nth(1).click();
    await settled(page);
    const picture = (): Promise<string> => page.locator('svg.scene').evaluate((svg) => svg.outerHTML);
    const before = await picture();
    const there = await visit(page.url());
    await settled(there.page);
    expect(await there.page.locator('svg.scene').evaluate((svg) => svg.outerHTML)).toBe(before);
    expect(await looked(there.page)).toEqual([]);
    expect(there.faults).toEqual([]);
  });

  test('a link that cannot be read says what is wrong with it', async () => {
    const { page } = await visit(`${address()}#plane&f=a:1,0;b:1&p=1`);
    expect(await page.getByRole('alert').textContent()).toContain('directions of one length');
    await says(page, 'not-realizable');
  });

  test('activations, weights and targets', async () => {
    const { page, faults } = await visit(`${address()}#plane&f=a:1,0;b:-1,0&p=1,2;`);
    expect(await sentence(page)).toContain('a');
    await page.getByLabel('activation').selectOption('topk');
    await says(page, 'not-realizable');
    await page.getByLabel('activation').selectOption('jumprelu');
    await page.getByLabel('threshold').fill('1/4');
    await page.keyboard.press('Enter');
    await page.getByText('All numbers').click();
    await page.getByLabel('weight of b').fill('-1');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').textContent()).toBe('A weight is not negative.');
    await page.getByLabel('direction of b').fill('3/5, 4/5');
    await page.keyboard.press('Enter');
    await says(page, 'realizable');
    expect(stateOf(new URL(page.url()).hash).scene.activation).toEqual({ kind: 'jumprelu', theta: '1/4' });
    expect(faults).toEqual([]);
  });

  test('a bias: what no row alone can carry, and what not even a bias helps', async () => {
    const { page, faults } = await visit(address());
    await says(page, 'not-realizable');
    await page.getByLabel('bias').check();
    await says(page, 'realizable');
    await page.locator('li', { hasText: 'b1 =' }).waitFor();
    const { scene } = stateOf(new URL(page.url()).hash);
    expect(instanceOf(scene).features[2]).toEqual({ label: 'between', wp: ['4/5', '3/5', '1'], wr: ['4/5', '3/5'] });
    // The segments between the two inside and the two outside cross: the least case of Radon's theorem.
    await visit(`${address()}#plane&f=east:1,0;west:-1,0;none:0,1/2;low:0,-1/2&p=1,2&bias=1`).then(async (there) => {
      await says(there.page, 'not-realizable');
      expect(await sentence(there.page)).toBe(
        `No. ${realize(instanceOf(stateOf(new URL(there.page.url()).hash).scene)).sentence}.`,
      );
      expect(await there.page.locator('figure.chain').textContent()).toContain('no bias helps');
    });
    expect(faults).toEqual([]);
  });

  test('copied as SVG, PNG, JSON and as the command that gives the same answer', async () => {
    const { page, faults } = await visit(address(), { permissions: ['clipboard-read', 'clipboard-write'] });
    await settled(page);
    const copied = async (what: string, said: string): Promise<string> => {
      await page.getByRole('button', { name: what, exact: true }).click();
      await page.getByText(said).waitFor();
      return page.evaluate('navigator.clipboard.readText()');
    };
    const svg = await copied('SVG', 'The picture is copied.');
    expect(svg).toMatch(/^<svg .*between.*<\/svg>$/s);
    const json = await copied('JSON', 'The instance is copied.');
    expect(realize(json).verdict).toBe('not-realizable');
    const command = await copied('command', 'The command is copied.');
    expect(command).toBe(`cat > scene.json <<'END'\n${json}\nEND\nnpx dictum realize scene.json`);
    await page.getByRole('button', { name: 'PNG', exact: true }).click();
    await page.getByText('The picture is copied.').waitFor();
    const types = await page.evaluate('navigator.clipboard.read().then(([item]) => item.types)');
    expect(types).toEqual(['image/png']);
    expect(faults).toEqual([]);
  });

  test('from a saddle the way down moves, and the link holds where it is', async () => {
    const { page, faults } = await visit(`${address()}#plane&f=a:1,0:1;b:0,1:-1&p=1,2;`);
    const way = page.getByRole('region', { name: 'the way down' });
    await way.waitFor();
    expect(await way.textContent()).toContain('comes to rest at L\u0303 ≈ 1');
    const row = (): Promise<string | null> => way.locator('.moving').first().getAttribute('x2');
    const first = await row();
    await way.getByRole('button', { name: 'Play the way down' }).click();
    await expect.poll(row).not.toBe(first);
    await way.getByRole('button', { name: 'Pause' }).click();
    expect(Number(await way.getAttribute('data-frame'))).toBeGreaterThan(0);
    await way.getByRole('slider').focus();
    await page.keyboard.press('End');
    expect(await way.getAttribute('data-frame')).toBe('89');
    expect(stateOf(new URL(page.url()).hash).down).toBe(89);
    expect(await looked(page)).toEqual([]);
    const there = await visit(page.url());
    await there.page.locator('section.down[data-frame="89"]').waitFor();
    expect(await there.page.locator('section.down svg').first().innerHTML()).toBe(
      await way.locator('svg').first().innerHTML(),
    );
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'neuron 1 active on a' }).click();
    await way.waitFor({ state: 'detached' });
    expect(stateOf(new URL(page.url()).hash).down).toBe(0);
    expect(faults).toEqual([]);
  });

  test('200 random drags: each answer is the one of the library', async () => {
    const { page, faults } = await visit(
      `${address()}#plane&f=a:1,0;b:3/5,4/5;c:0,1;d:-1,0;e:-3/5,-4/5;f:5/13,-12/13&p=1,2;4`,
    );
    let count = 0;
    const draw = (): number => uniform(20_251_128, 0, count++);
    const verdicts = new Set<string>();
    for (let k = 0; k < 200; k++) {
      const angle = 2 * Math.PI * draw();
      const label = 'abcdef'[Math.floor(6 * draw())] as string;
      await dragged(page, label, await pointOf(page, [Math.cos(angle), Math.sin(angle)]));
      const verdict = await settled(page);
      const { scene } = stateOf(new URL(page.url()).hash);
      const expected = realize(instanceOf(scene));
      expect([verdict, await sentence(page)]).toEqual([
        expected.verdict,
        `${expected.verdict === 'realizable' ? 'Yes' : 'No'}. ${expected.sentence}.`,
      ]);
      verdicts.add(verdict);
    }
    expect([...verdicts].sort()).toEqual(['not-realizable', 'realizable']);
    expect(faults).toEqual([]);
  });
});
