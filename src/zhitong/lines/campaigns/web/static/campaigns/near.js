// My targets by nearness: asks where the phone is and loads the list again.
const button = document.getElementById("near");
const said = document.getElementById("near-said");

if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const address = new URL(location.href);
      address.searchParams.set("lon", coords.longitude.toFixed(5));
      address.searchParams.set("lat", coords.latitude.toFixed(5));
      location.assign(address);
    }, () => {
      button.disabled = false;
      said.textContent = button.dataset.failed;
      said.hidden = false;
    }, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 });
  });
}
