// Where the phone is, as an answer to "who is my grid worker?".
const button = document.getElementById("who-here");

if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        location.search = `?lon=${coords.longitude.toFixed(6)}&lat=${coords.latitude.toFixed(6)}`;
      },
      () => {
        button.disabled = false;
        button.querySelector("span").textContent = button.dataset.failed;
      },
      { enableHighAccuracy: true, timeout: 15000 },
    );
  });
}
