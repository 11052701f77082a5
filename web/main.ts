import 'virtual:page-style.css';
import './style.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { store } from './state/store.svelte.ts';

store.read(true);
window.addEventListener('hashchange', () => store.read());
window.addEventListener('popstate', () => store.read());

const target = document.getElementById('app');
if (target) mount(App, { target });
