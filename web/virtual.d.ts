/** Made by vite.config.ts. */
declare module 'virtual:page-style.css';
declare module 'virtual:inspected.css';
declare module 'virtual:glossary' {
  const html: string;
  export default html;
}
