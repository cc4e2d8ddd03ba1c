'use strict';
// Loaded before anything is painted, so that a chosen theme never flashes.
document.documentElement.dataset.theme = localStorage.getItem('griot.theme') || '';
