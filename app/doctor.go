package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"griot/accounts"
	"griot/fault"
	"griot/i18n"
	"griot/media"
	"griot/storage"
)

var (
	seen = map[string]i18n.Text{
		"config":   {En: "Configuration is readable (address %s, data in %s).", Fr: "La configuration est lisible (adresse %s, données dans %s)."},
		"folder":   {En: "The folder %s can be written to.", Fr: "On peut écrire dans le dossier %s."},
		"database": {En: "The database answers (%s, schema %d).", Fr: "La base répond (%s, schéma %d)."},
		"none":     {En: "No database yet: “griot serve” makes one at its first start.", Fr: "Pas encore de base\u202f: «\u202fgriot serve\u202f» la crée au premier lancement."},
		"clock":    {En: "The clocks of this machine and of the database agree (%s apart).", Fr: "Les horloges de cette machine et de la base s’accordent (%s d’écart)."},
		"key":      {En: "The key opens the stored credentials.", Fr: "La clé ouvre les accès enregistrés."},
		"media":    {En: "Pictures can be stored and read back.", Fr: "Les images peuvent être enregistrées et relues."},
		"late":     {En: "Nothing is late.", Fr: "Rien n’est en retard."},
		"idle":     {En: "Griot does not run at %[1]s right now, so nobody is heard in %[2]s. Start it with “griot serve”.", Fr: "Griot ne tourne pas à %[1]s en ce moment\u202f: personne n’est entendu dans %[2]s. Lancez-le avec «\u202fgriot serve\u202f»."},
		"model":    {En: "A language model writes: %s at %s, %s tokens a day for each team (0: no limit).", Fr: "Un modèle de langage rédige : %s chez %s, %s jetons par jour et par équipe (0 : sans limite)."},
		"no model": {En: "No language model is connected (OPENAI_API_KEY or OPENAI_BASE_URL): Griot writes without one.", Fr: "Aucun modèle de langage n’est connecté (OPENAI_API_KEY ou OPENAI_BASE_URL) : Griot rédige sans."},
		"accounts": {En: "No account waits to be connected again.", Fr: "Aucun compte n’attend d’être reconnecté."},
	}
	wrong = map[string]i18n.Text{
		"folder":   {En: "Cannot write to the folder %s: %v. Give the user who runs Griot the right to, or set GRIOT_DATA.", Fr: "Impossible d’écrire dans le dossier %s\u202f: %v. Donnez-en le droit à l’utilisateur qui lance Griot, ou réglez GRIOT_DATA."},
		"database": {En: "The database does not answer: %v. Check GRIOT_DATABASE_URL and that the server runs.", Fr: "La base ne répond pas\u202f: %v. Vérifiez GRIOT_DATABASE_URL et que le serveur tourne."},
		"schema":   {En: "The database's schema is %d, this Griot speaks %d. Start the newer Griot, or run “griot migrate”.", Fr: "Le schéma de la base est %d, ce Griot parle %d. Lancez le Griot le plus récent, ou «\u202fgriot migrate\u202f»."},
		"clock":    {En: "This machine's clock and the database's are %s apart. Set both with NTP: posts leave by the database's.", Fr: "L’horloge de cette machine et celle de la base ont %s d’écart. Réglez les deux par NTP\u202f: les publications partent à l’heure de la base."},
		"media":    {En: "Pictures cannot be stored: %v. Check the folder %s and the room on the disk.", Fr: "Les images ne peuvent pas être enregistrées\u202f: %v. Vérifiez le dossier %s et la place sur le disque."},
		"late":     {En: "%d sendings are late by more than two minutes. Is “griot serve” running?", Fr: "%d envois ont plus de deux minutes de retard. «\u202fgriot serve\u202f» tourne-t-il\u202f?"},
		"accounts": {En: "These accounts must be connected again with /connect: %s.", Fr: "Ces comptes sont à reconnecter avec /connecter\u202f: %s."},
		"open":     {En: "GRIOT_ADDR is %s, which others can reach, and there is no GRIOT_BASE_URL. Put a reverse proxy with HTTPS in front and set GRIOT_BASE_URL.", Fr: "GRIOT_ADDR vaut %s, joignable par d’autres, et GRIOT_BASE_URL est vide. Placez un proxy HTTPS devant et réglez GRIOT_BASE_URL."},
	}
	errSick = i18n.Text{En: "Something is to mend: see the lines with ✖ above.", Fr: "Il y a quelque chose à réparer\u202f: voyez les lignes ✖ ci-dessus."}
)

// skew is how far two clocks may be apart before posts leave at a moment that surprises.
const skew = 2 * time.Second

// checkup is one run of the doctor.
type checkup struct {
	Command
	cfg  Config
	sick bool
	far  bool // Slack was not reached, and that was said
}

func (d *checkup) good(what string, args ...any) {
	fmt.Fprintln(d.Out, "✔", of(what, seen, seenSlack, seenDiscord).In(d.locale(), args...))
}

// note says what is neither right nor wrong.
func (d *checkup) note(what string, args ...any) {
	fmt.Fprintln(d.Out, "–", of(what, seen, seenSlack, seenDiscord).In(d.locale(), args...))
}

func (d *checkup) bad(what string, args ...any) {
	d.sick = true
	fmt.Fprintln(d.Out, "✖", of(what, wrong, wrongSlack, wrongDiscord).In(d.locale(), args...))
}

// of is the sentence of one of several tables.
func of(what string, tables ...map[string]i18n.Text) i18n.Text {
	for _, t := range tables {
		if s, ok := t[what]; ok {
			return s
		}
	}
	panic("app: no sentence about " + what) // a mistake in our own tables
}

// told says a refusal of another part as it says it itself.
func (d *checkup) told(err error) {
	d.sick = true
	fmt.Fprintln(d.Out, "✖", d.sentence(err))
}

// doctor looks at everything Griot stands on, changes nothing, and names the one next step of each thing that is wrong.
func (c Command) doctor(ctx context.Context, cfg Config) error {
	d := &checkup{Command: c, cfg: cfg}
	d.good("config", cfg.Addr, cfg.Data)
	if !loopback(cfg.Addr) && cfg.BaseURL == "" {
		d.bad("open", cfg.Addr)
	}
	d.model()
	d.folder()
	db, err := storage.OpenReader(ctx, cfg.storage())
	switch {
	case fault.Is(err, fault.NotFound):
		d.good("none")
		d.slack(ctx, nil)
		d.discord(ctx, nil)
	case err != nil:
		d.bad("database", err)
	default:
		if d.database(ctx, db) {
			d.slack(ctx, db)
			d.discord(ctx, db)
		}
		err = db.Close()
	}
	if d.sick {
		return fault.New(fault.Conflict, errSick)
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// model says what writes; it is not called, for it costs.
func (d *checkup) model() {
	w := d.cfg.Writing
	if !w.On() {
		d.note("no model")
		return
	}
	d.good("model", w.Model, cmp.Or(w.BaseURL, "OpenAI"), w.Budget)
}

func (d *checkup) folder() {
	if err := os.MkdirAll(d.cfg.Data, 0o700); err != nil {
		d.bad("folder", d.cfg.Data, err)
		return
	}
	f, err := os.CreateTemp(d.cfg.Data, ".doctor-")
	if err != nil {
		d.bad("folder", d.cfg.Data, err)
		return
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		d.bad("folder", d.cfg.Data, err)
		return
	}
	d.good("folder", d.cfg.Data)
}

// database reports whether there is one that can be asked.
func (d *checkup) database(ctx context.Context, db *storage.DB) bool {
	have, err := storage.Schema(ctx, db)
	want, known := storage.Known()
	switch {
	case err != nil || known != nil:
		d.bad("database", errors.Join(err, known))
		return false
	case have != want:
		d.bad("schema", have, want)
		return false
	}
	d.good("database", db.Engine(), have)
	now, err := db.Now(ctx)
	if err != nil {
		d.bad("database", err)
		return false
	}
	if apart := time.Since(now).Abs(); apart > skew {
		d.bad("clock", apart.Round(time.Millisecond))
	} else {
		d.good("clock", apart.Round(time.Millisecond))
	}
	d.key(ctx, db)
	d.people(ctx, db, now)
	return true
}

// seal is the key that is set, or the one kept in the data folder.
func (d *checkup) seal() (*accounts.Seal, error) {
	key := d.cfg.SecretKey
	if key == "" {
		b, err := os.ReadFile(filepath.Join(d.cfg.Data, keyName))
		if err != nil {
			return nil, err
		}
		key = string(b)
	}
	return accounts.NewSeal(key)
}

func (d *checkup) key(ctx context.Context, db *storage.DB) {
	seal, err := d.seal()
	if errors.As(err, new(*fs.PathError)) {
		d.bad("folder", d.cfg.Data, err)
		return
	}
	if err == nil {
		err = seal.Check(ctx, db)
	}
	if err != nil {
		d.told(err)
	} else {
		d.good("key")
	}
	folder := filepath.Join(d.cfg.Data, mediaName)
	if err := media.New(folder, db).Probe(ctx); err != nil {
		d.bad("media", err, folder)
	} else {
		d.good("media")
	}
}

func (d *checkup) people(ctx context.Context, db *storage.DB, now time.Time) {
	late, err := storage.CountLate(ctx, db, now.Add(-2*time.Minute))
	if err != nil {
		d.bad("database", err)
		return
	}
	if late > 0 {
		d.bad("late", late)
	} else {
		d.good("late")
	}
	again, err := storage.SignedOut(ctx, db)
	if err != nil {
		d.bad("database", err)
		return
	}
	if again != "" {
		d.bad("accounts", again)
	} else {
		d.good("accounts")
	}
}
