"""Pages that gather all sections: «Сегодня» and the card of a school. They read, and change nothing."""
