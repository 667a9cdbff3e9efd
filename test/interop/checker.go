// Checker verifies what Prooflayer exports with nobody's code but Go's: the packages note and tlog of
// golang.org/x/mod/sumdb, which check the Go checksum database.
//
//	checker log DIR VKEY            a static log (C2SP tlog-tiles) in DIR
//	checker proof FILE VKEY ENTRY   a C2SP tlog-proof in FILE of the bytes in the file ENTRY
//
// It prints a line and exits 0, or says what is wrong and exits 1.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Tiles of C2SP tlog-tiles are 8 levels high.
const height = 8

func main() {
	said, err := run(os.Args[1:])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(said)
}

func run(args []string) (string, error) {
	switch {
	case len(args) == 3 && args[0] == "log":
		return checkLog(args[1], args[2])
	case len(args) == 4 && args[0] == "proof":
		return checkProof(args[1], args[2], args[3])
	}
	return "", errors.New("usage: checker log DIR VKEY | checker proof FILE VKEY ENTRY")
}

func checkLog(dir, vkey string) (string, error) {
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(signed, vkey)
	if err != nil {
		return "", err
	}
	hashes, err := hashesOfEntries(dir, tree.N)
	if err != nil {
		return "", err
	}
	tiles := tilesOf(tree.N)
	for _, tile := range tiles {
		if err := checkTile(dir, tile, hashes); err != nil {
			return "", err
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return "", err
	}
	if tree.N == 0 {
		root = sha256.Sum256(nil) // RFC 6962; x/mod gave zeros before v0.14
	}
	if root != tree.Hash {
		return "", errors.New("the entries do not give the root that is signed")
	}
	return fmt.Sprintf("%d entries, %d tiles", tree.N, len(tiles)), nil
}

// tilesOf lists the tiles of a tree, partial ones at its right edge only as wide as it is now.
func tilesOf(size int64) []tlog.Tile {
	var tiles []tlog.Tile
	for level, count := 0, size; count > 0; level, count = level+1, count>>height {
		for n := int64(0); n<<height < count; n++ {
			width := int(min(count-n<<height, 1<<height))
			tiles = append(tiles, tlog.Tile{H: height, L: level, N: n, W: width})
		}
	}
	return tiles
}

// hashesOfEntries reads every entry bundle and computes all hashes of the tree from the entries.
func hashesOfEntries(dir string, size int64) (stored, error) {
	var hashes stored
	for first := int64(0); first < size; first += 1 << height {
		tile := tlog.Tile{H: height, L: 0, N: first >> height, W: int(min(size-first, 1<<height))}
		data, err := os.ReadFile(filepath.Join(dir, pathOf(tile, "entries")))
		if err != nil {
			return nil, err
		}
		entries, err := splitBundle(data)
		if err != nil {
			return nil, fmt.Errorf("bundle %d: %w", tile.N, err)
		}
		if len(entries) != tile.W {
			return nil, fmt.Errorf("bundle %d: %d entries, not %d", tile.N, len(entries), tile.W)
		}
		for i, entry := range entries {
			more, err := tlog.StoredHashes(first+int64(i), entry, hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, more...)
		}
	}
	return hashes, nil
}

// checkTile compares a tile with the one that the entries give.
func checkTile(dir string, tile tlog.Tile, hashes stored) error {
	path := pathOf(tile, strconv.Itoa(tile.L))
	data, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return err
	}
	want, err := tlog.ReadTileData(tile, hashes)
	if err != nil {
		return err
	}
	if !bytes.Equal(data, want) {
		return fmt.Errorf("%s is not its entries'", path)
	}
	return nil
}

// pathOf is the path of C2SP tlog-tiles, which Go's own have the height in.
func pathOf(tile tlog.Tile, level string) string {
	own := strings.Split(tile.Path(), "/") // tile, height, level, number…
	return strings.Join(append([]string{"tile", level}, own[3:]...), "/")
}

// splitBundle reads entries, each after its length in 16 bits, big-endian.
func splitBundle(data []byte) ([][]byte, error) {
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, errors.New("half a length")
		}
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return nil, errors.New("half an entry")
		}
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	return entries, nil
}

func checkProof(file, vkey, entryFile string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return "", err
	}
	head, signed, ok := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return "", errors.New("not a tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		proof = append(proof, hash)
	}
	tree, err := openCheckpoint([]byte(signed), vkey)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return "", err
	}
	return fmt.Sprintf("entry %d of %d", index, tree.N), nil
}

// openCheckpoint checks the signature, and that the log's name is its key's.
func openCheckpoint(signed []byte, vkey string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return tlog.Tree{}, errors.New("not a checkpoint of three lines")
	}
	if lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("the origin is not the key's name")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, errors.New("the size is not a decimal number")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, errors.New("the root is not 32 bytes of base64")
	}
	return tlog.Tree{N: size, Hash: tlog.Hash(*(*[tlog.HashSize]byte)(root))}, nil
}

// stored are all hashes of a tree in the order in which tlog numbers them.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d of %d", index, len(s))
		}
		out[i] = s[index]
	}
	return out, nil
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
