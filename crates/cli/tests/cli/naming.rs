//! Where results go, and what is never replaced.

use crate::support::{User, picture};

fn png() -> Vec<u8> {
    crate::support::encode("a.png", &picture().into(), None, None)
}

#[test]
fn one_picture_becomes_one_file_in_the_format_of_its_name() {
    let user = User::new();
    user.write("a.png", &png());
    user.paint(&["a.png", "-o", "b.webp"])
        .expect(0, &["1 edited"]);
    assert_eq!(
        image::guess_format(&user.read("b.webp")).unwrap(),
        image::ImageFormat::WebP
    );
    assert_eq!(user.names("."), ["a.png", "b.webp"]);
}

#[test]
fn several_pictures_go_into_a_folder_that_is_made_and_keep_name_and_format() {
    let user = User::new();
    for name in ["in/a.png", "in/b.webp", "in/c.tif"] {
        user.save(name, &picture().into());
    }
    user.with_resources(&["apply", "painter", "in", "-o", "new/out"])
        .expect(0, &[]);
    assert_eq!(user.names("new/out"), ["a.png", "b.webp", "c.tif"]);
    assert_eq!(
        user.open("new/out/c.tif").width(),
        user.open("in/c.tif").width()
    );
}

#[test]
fn a_pattern_that_the_shell_left_alone_is_expanded() {
    let user = User::new();
    for name in ["a1.png", "a2.png", "b.png"] {
        user.write(name, &png());
    }
    user.with_resources(&["apply", "identity", "a*.png", "-o", "out/"])
        .expect(0, &[]);
    assert_eq!(user.names("out"), ["a1.png", "a2.png"]);
}

#[test]
fn an_input_is_not_replaced_unless_told() {
    let user = User::new();
    let before = png();
    user.write("in/a.png", &before);
    for out in ["in/a.png", "in", "in/", "in/../in/a.png"] {
        user.paint(&["in/a.png", "-o", out])
            .expect(2, &["in/", "is an input", "--overwrite"]);
        assert_eq!(user.read("in/a.png"), before, "{out}");
    }
    user.paint(&["in/a.png", "-o", "in/a.png", "--overwrite"])
        .expect(0, &["1 edited"]);
    assert_ne!(user.read("in/a.png"), before);
    assert_eq!(user.names("in"), ["a.png"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_an_input_is_the_input() {
    let user = User::new();
    let before = png();
    let file = user.write("a.png", &before);
    std::os::unix::fs::symlink(&file, user.path("soft.png")).unwrap();
    std::fs::hard_link(&file, user.path("hard.png")).unwrap();
    for out in ["soft.png", "hard.png"] {
        user.paint(&["a.png", "-o", out])
            .expect(2, &[out, "is an input"]);
    }
    assert_eq!(user.read("a.png"), before);
}

#[test]
fn an_earlier_output_is_replaced() {
    let user = User::new();
    user.write("a.png", &png());
    user.write("b.png", b"from before");
    user.paint(&["a.png", "-o", "b.png"]).expect(0, &[]);
    assert_eq!(user.open("b.png").width(), crate::support::SIDE);
}

#[test]
fn names_that_cannot_be_are_refused_before_anything_is_written() {
    let user = User::new();
    user.write("a.png", &png());
    user.write("more/a.png", &png());
    user.paint(&["a.png", "-o", "b.gif"])
        .expect(2, &["b.gif", ".png, .jpg"]);
    user.paint(&["a.png", "-o", "none/b.png"])
        .expect(2, &["there is no folder none"]);
    user.with_resources(&["apply", "painter", "a.png", "more", "-o", "out"])
        .expect(2, &["a.png and more/a.png would both become out/a.png"]);
    user.with_resources(&["apply", "painter", "a.png", "more", "-o", "b.png"])
        .expect(2, &["b.png", "give a folder"]);
    assert_eq!(user.names("."), ["a.png", "more"]);
}
