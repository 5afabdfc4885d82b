//! A PostgreSQL database of a benchmark's own, dropped at its end.

use anyhow::Context as _;
use tokio_postgres::NoTls;

/// A fresh database on somebody's server.
pub struct OwnDatabase {
    admin: String,
    name: String,
    url: String,
}

impl OwnDatabase {
    /// Makes it beside the database of an address.
    pub fn create(admin: &str) -> anyhow::Result<Self> {
        let name = format!("doorstep_bench_{}", std::process::id());
        let (address, query) = admin.split_once('?').map_or((admin, None), |(address, query)| (address, Some(query)));
        let host = address.find("://").map_or(0, |at| at + 3);
        let end = address[host..].find('/').map_or(address.len(), |at| host + at);
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let url = format!("{}/{name}{query}", &address[..end]);
        let own = Self { admin: admin.to_owned(), name, url };
        own.run(&format!("create database {} template template0 encoding 'UTF8' locale 'C'", own.name))
            .context("a database of the benchmark's own")?;
        Ok(own)
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn run(&self, text: &str) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&self.admin, NoTls).await?;
            let driver = tokio::spawn(connection);
            let done = client.batch_execute(text).await;
            driver.abort();
            Ok(done?)
        })
    }
}

impl Drop for OwnDatabase {
    fn drop(&mut self) {
        // Left behind when the server went away meanwhile; its name says whose it was.
        drop(self.run(&format!("drop database if exists {} with (force)", self.name)));
    }
}
