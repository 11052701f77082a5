/**
 * The little of Markdown that our own documents use: headings, paragraphs, lists, tables, fenced blocks; links, pictures, code, bold, italic. As
 * plain text for a terminal, and as HTML.
 */

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** One line of prose without its marks. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/<a id="[^"]*"><\/a>/g, '')
    .replaceAll(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*([^*]+)\*\*/g, '$1')
    .replaceAll(/(^|[^*\w])\*([^*\s][^*]*)\*(?!\w)/g, '$1$2')
    .replaceAll(/\\([|*])/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Where a link of a document leads on a page; undefined where the page has no such place, and the words stand alone. */
export type Target = (link: string) => string | undefined;

function inline(text: string, target: Target): string {
  // Code first: what stands in it is no mark. A character of private use holds its place.
  const codes: string[] = [];
  const kept = text.replaceAll(/`([^`]+)`/g, (_, code: string) => {
    codes.push(`<code>${escapeHtml(code)}</code>`);
    return `\ue000${codes.length - 1}\ue001`;
  });
  const ids: string[] = [];
  const marked = kept.replaceAll(/<a id="([^"]*)"><\/a>/g, (_, id: string) => {
    ids.push(`<span id="${escapeHtml(id)}"></span>`);
    return `\ue002${ids.length - 1}\ue003`;
  });
  return escapeHtml(marked)
    .replaceAll(/!\[([^\]]*)\]\(([^)]*)\)/g, '<em>$1</em>')
    .replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, (_, words: string, link: string) => {
      const to = target(link.replaceAll('&amp;', '&'));
      return to === undefined ? words : `<a href="${escapeHtml(to)}">${words}</a>`;
    })
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(^|[^*\w])\*([^*\s][^*]*)\*(?!\w)/g, '$1<em>$2</em>')
    .replaceAll(/\\([|*])/g, '$1')
    .replaceAll(/\ue000(\d+)\ue001/g, (_, k: string) => codes[Number(k)] ?? '')
    .replaceAll(/\ue002(\d+)\ue003/g, (_, k: string) => ids[Number(k)] ?? '');
}

type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'code' | 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[]; readonly ordered: boolean }
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] };

const BULLET = /^(?:\*|-) +/;
const NUMBER = /^\d+\. +/;

/** The blocks of a document, in order. */
export function blocksOf(markdown: string): Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  let k = 0;
  const take = (while_: (line: string) => boolean): string[] => {
    const from = k;
    while (k < lines.length && while_(lines[k] ?? '')) k++;
    return lines.slice(from, k);
  };
  const starts = (line: string): boolean => /^(#|```|\|)/.test(line) || BULLET.test(line) || NUMBER.test(line);
  while (k < lines.length) {
    const line = lines[k] ?? '';
    const heading = /^(#{1,6}) +(.+)$/.exec(line);
    if (line.trim() === '') k++;
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' });
      k++;
    } else if (line.startsWith('```')) {
      k++;
      blocks.push({ kind: 'code', text: take((l) => !l.startsWith('```')).join('\n') });
      k++;
    } else if (line.startsWith('|')) {
      const rows = take((l) => l.startsWith('|')).map((row) =>
        row
          .replace(/^\||\|\s*$/g, '')
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      );
      blocks.push({ kind: 'table', rows: rows.filter((row) => !row.every((cell) => /^:?-+:?$/.test(cell))) });
    } else if (BULLET.test(line) || NUMBER.test(line)) {
      const mark = BULLET.test(line) ? BULLET : NUMBER;
      const items: string[] = [];
      while (k < lines.length && mark.test(lines[k] ?? '')) {
        const first = (lines[k] ?? '').replace(mark, '');
        k++;
        items.push([first, ...take((l) => l.trim() !== '' && !starts(l)).map((l) => l.trim())].join(' '));
        // A blank line between two items ends none of them.
        if ((lines[k] ?? '').trim() === '' && mark.test(lines[k + 1] ?? '')) k++;
      }
      blocks.push({ kind: 'list', items, ordered: mark === NUMBER });
    } else {
      k++;
      blocks.push({ kind: 'paragraph', text: [line, ...take((l) => l.trim() !== '' && !starts(l))].join(' ') });
    }
  }
  return blocks;
}

/** `level`: that of the highest heading, so that a document can stand within a page. */
export function htmlOf(markdown: string, target: Target = () => undefined, level = 1): string {
  const blocks = blocksOf(markdown);
  const top = blocks.reduce((level, block) => (block.kind === 'heading' ? Math.min(level, block.level) : level), 6);
  return blocks.map((block) => blockHtml(block, target, level - top)).join('\n');
}

function blockHtml(block: Block, target: Target, shift: number): string {
  switch (block.kind) {
    case 'heading': {
      const tag = `h${Math.min(6, block.level + shift)}`;
      return `<${tag}>${inline(block.text, target)}</${tag}>`;
    }
    case 'code':
      return `<pre tabindex="0"><code>${escapeHtml(block.text)}</code></pre>`;
    case 'paragraph':
      return `<p>${inline(block.text, target)}</p>`;
    case 'list': {
      const tag = block.ordered ? 'ol' : 'ul';
      return `<${tag}>${block.items.map((item) => `<li>${inline(item, target)}</li>`).join('')}</${tag}>`;
    }
    case 'table':
      return tableHtml(block.rows.map((row) => row.map((cell) => inline(cell, target))));
  }
}

/** Cells are HTML; the first row is the head. */
export function tableHtml([head = [], ...rows]: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string, more = ''): string =>
    // A head that says nothing is none.
    row.map((cell) => (cell === '' ? '<td></td>' : `<${tag}${more}>${cell}</${tag}>`)).join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('');
  return `<div class="wide" tabindex="0"><table><thead><tr>${cells(head, 'th', ' scope="col"')}</tr></thead><tbody>${body}</tbody></table></div>`;
}
