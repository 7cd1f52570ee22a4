namespace EnterprisePortal.OfficePortal.Demo;

/// <summary>Names that American families have: with accents, apostrophes, hyphens, two words, or one letter's difference.</summary>
static class DemoNames
{
    public static readonly string[] Parents = Words("""
        Mary Jennifer Lisa Michelle Kimberly Amy Angela Melissa Jessica Sarah Heather Nicole Elizabeth Amanda Stephanie Rebecca Laura Rachel Kelly Christina
        Katherine Catherine Kathryn Emily Megan Meghan Erin Aaron Lauren Danielle Samantha Andrea Vanessa María José Sofía Lucía Inés Mónica Verónica Guadalupe
        Ximena Paola Zoë Chloë Renée Noël Aimée Anaïs Hélène Siobhán Niamh Aoife Saoirse Fatima Aisha Amina Layla Noor Priya Ananya Deepika Kavya
        Mei Xin Yuki Sakura Linh Thuy Ngoc Ji-woo Min-ji Olga Natasha Oksana Katarzyna Zuzana Ingrid Åsa Maja Bronwyn Ebony Keisha Latoya Imani
        John James Robert Bob Michael Mike William Bill David Richard Joseph Thomas Christopher Daniel Matthew Anthony Mark Steven Stephen Andrew Joshua Kevin Brian Bryan
        Jason Jeffrey Geoffrey Ryan Jacob Eric Erik Jonathan Jon Justin Scott Brandon Benjamin Samuel Gregory Patrick Alexander Nicholas Tyler Sean Shaun Shawn
        Juan Carlos Luis Jesús Ángel Andrés Raúl Héctor Óscar Joaquín Sebastián François Rémi Étienne Jürgen Björn Søren Łukasz Tomasz Dmitri Sergei Mohammed Ahmed
        Omar Yusuf Ali Arjun Rahul Vikram Sanjay Wei Jun Hiroshi Kenji Minh Tuan Sung-min Kwame Kofi Malik DeShawn Darnell Mary-Ann Jean-Luc Anna-Lena
        """);

    public static readonly string[] Children = Words("""
        Olivia Emma Ava Sophia Isabella Mia Charlotte Amelia Harper Evelyn Abigail Ella Scarlett Grace Lily Aria Zoey Nora Hazel Violet Aurora Stella Luna Ivy
        Lucía Valentina Camila Zoë Chloé Maëlle Inès Aaliyah Naomi Maya Leila Anika Mei-Ling Hana Quinn Rowan Riley Avery Sage Wren Juniper Piper Sloane
        Liam Noah Oliver Elijah James Lucas Benjamin Henry Theodore Jack Levi Sebastian Mateo Owen Leo Ezra Hudson Asher Caleb Isaac Eli Wyatt Finn Declan
        Santiago Joaquín Thiago René Jude Kai Kenzo Arjun Rohan Omar Zayn Idris Malachi Jaxon Jackson Emmett Milo Otis Beau Silas Jasper Felix Hugo August
        """);

    public static readonly string[] Last = Words("""
        Smith Smyth Johnson Jonson Johnston Williams Brown Browne Jones Garcia García Miller Davis Rodriguez Rodríguez Martinez Martínez Hernandez Hernández Lopez López
        Gonzalez González Wilson Anderson Andersen Thomas Taylor Tyler Moore Jackson Martin Lee Leigh Perez Pérez Thompson Thomson White Harris Sanchez Sánchez Clark Clarke
        Ramirez Ramírez Lewis Robinson Walker Young Allen Allan King Wright Scott Torres Nguyen Hill Flores Green Greene Adams Nelson Baker Hall Rivera Campbell
        Mitchell Carter Roberts Gomez Gómez Phillips Philips Evans Turner Diaz Díaz Parker Cruz Edwards Collins Reyes Stewart Stuart Morris Morales Murphy Cook Rogers Rodgers
        Gutierrez Ortiz Morgan Cooper Peterson Petersen Bailey Reed Reid Kelly Kelley Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Chávez Wood Bennett Gray Grey
        Mendoza Ruiz Hughes Price Alvarez Álvarez Castillo Sanders Patel Myers Meyer Long Ross Foster Jimenez Jiménez Powell Jenkins Perry Russell Sullivan Bell Coleman
        O'Brien O'Connor O'Neill O'Reilly D'Angelo D'Souza McDonald MacDonald McCarthy McKenna Fitzgerald Gallagher Ó|Súilleabháin De|La|Cruz Van|der|Berg Van|Dyke St.|John
        Müller Mueller Schröder Schroeder Weiß Weiss Jäger Groß Strauß Schäfer Nuñez Núñez Muñoz Peña Ibáñez Ordóñez Côté Lefèvre Béranger Gagné Lévesque Ångström Sjögren
        Bjørnstad Sørensen Østergaard Kowalski Wiśniewski Dąbrowski Łukasiewicz Novák Dvořák Szabó Kovács Popović Petrović Ivanov Ivanova Shevchenko Papadopoulos Rossi Russo
        Chen Cheng Wang Wong Huang Li Liu Zhang Zhao Tanaka Suzuki Sato Yamamoto Park Choi Jung Tran Pham Le Vo Singh Kaur Sharma Gupta Khan Ahmed Hussain Haddad Nasser
        Okafor Adeyemi Mensah Abebe Diallo Washington Jefferson Freeman Booker Banks Silva Souza Oliveira Ferreira Gonçalves Araújo Kealoha Begay Yazzie
        Smith-García Johnson-Lee Taylor-Brown Baker-Hughes Martin-López Clark-Nguyen Hill-Patel Reed-O'Brien Lee-Wong Torres-Díaz
        """);

    public static readonly string[] Instructors =
        Words("Dana Brooke Casey Jordan Skyler Morgan Tatum Reese Kendall Marisol Tiago Priscila Nikolai Freya Callum Imogen");

    public static T Of<T>(this Random random, IReadOnlyList<T> list) => list[random.Next(list.Count)];

    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;

    // A bar stands for the space inside a name: Van|der|Berg.
    static string[] Words(string text) =>
        [.. text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Replace('|', ' '))];
}
