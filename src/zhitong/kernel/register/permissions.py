"""Who may look firms up, and who keeps their register."""

VIEW_FIRMS = "register.view_firms"
MANAGE_FIRMS = "register.manage_firms"
